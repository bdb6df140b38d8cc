"""The verbs of the service: what people do, in transactions that whoever calls has opened. No web."""
