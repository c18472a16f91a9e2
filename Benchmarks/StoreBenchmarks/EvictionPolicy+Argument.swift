// Conformances of public types are public, also in a program.
public import ArgumentParser
public import SemanticCaching

extension EvictionPolicy: ExpressibleByArgument {}
