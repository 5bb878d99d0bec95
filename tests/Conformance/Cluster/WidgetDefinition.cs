namespace Conformance.Cluster;

/// <summary>The kind that most tests use: something of all that a schema can say.</summary>
internal static class WidgetDefinition
{
    /// <summary>Its versions, as JSON.</summary>
    public const string Versions = """
        [{
          "name": "v1", "served": true, "storage": true,
          "subresources": {
            "status": {},
            "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}
          },
          "selectableFields": [{"jsonPath": ".spec.color"}],
          "additionalPrinterColumns": [
            {"name": "Color", "type": "string", "jsonPath": ".spec.color"},
            {"name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas"},
            {"name": "First", "type": "string", "jsonPath": ".spec.ports[0].name", "priority": 1}
          ],
          "schema": {"openAPIV3Schema": {
            "type": "object",
            "properties": {
              "spec": {
                "type": "object",
                "x-kubernetes-validations": [
                  {"rule": "!has(self.max) || self.replicas <= self.max", "messageExpression": "has(self.owner) ? self.owner + ' wants too many' : 'too many'", "fieldPath": ".replicas"},
                  {"rule": "has(self.owner) == has(oldSelf.owner) && (!has(self.owner) || self.owner == oldSelf.owner)", "message": "owner is immutable"}
                ],
                "properties": {
                  "color": {"type": "string", "enum": ["red", "green", "blue"]},
                  "owner": {"type": "string", "maxLength": 20},
                  "replicas": {"type": "integer", "minimum": 0, "default": 1},
                  "max": {"type": "integer"},
                  "size": {"type": "object", "default": {}, "properties": {"unit": {"type": "string", "default": "cm"}, "value": {"type": "integer"}}},
                  "note": {"type": "string", "nullable": true},
                  "anything": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                  "amount": {"x-kubernetes-int-or-string": true},
                  "tags": {"type": "array", "maxItems": 10, "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
                  "args": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "atomic"},
                  "ports": {
                    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                    "items": {"type": "object", "required": ["name"], "properties": {
                      "name": {"type": "string"}, "port": {"type": "integer"}, "protocol": {"type": "string", "default": "TCP"}}}
                  }
                }
              },
              "status": {
                "type": "object",
                "properties": {
                  "phase": {"type": "string"}, "replicas": {"type": "integer"}, "selector": {"type": "string"}
                }
              }
            }
          }}
        }]
        """;
}
