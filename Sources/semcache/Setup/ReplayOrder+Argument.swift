public import ArgumentParser
public import CacheTuning

/// The names of the orders on the command line.
extension ReplaySchedule.Order: ExpressibleByArgument {}
