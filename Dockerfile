# docker build -t dabbawala:0.1.0 .
ARG DOTNET=mcr.microsoft.com/dotnet
FROM ${DOTNET}/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet restore --locked-mode src/ControlPlane.Web
RUN dotnet publish src/ControlPlane.Web --no-restore -c Release -o /app

FROM ${DOTNET}/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 5080
ENTRYPOINT ["dotnet", "ControlPlane.Web.dll"]
