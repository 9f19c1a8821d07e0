"""The tactile skin: taxels on shapes, what they feel of contacts, the soft layer, and the map of a unit's taxels."""
