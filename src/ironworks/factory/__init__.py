"""Can it be built: process, people, supply, equipment, flow, records."""
