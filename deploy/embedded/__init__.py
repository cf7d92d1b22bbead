"""The embedded stack: real Kafka, a MongoDB server, a mailbox and the services, on one machine, from packages alone."""
