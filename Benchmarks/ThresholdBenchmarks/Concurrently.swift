/// The results of independent runs, in order, as many at a time as there are cores.
func concurrently<Item: Sendable, Result: Sendable>(
    _ items: [Item],
    _ run: @escaping @Sendable (Item) -> Result
) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
        for (index, item) in items.enumerated() { group.addTask { (index, run(item)) } }
        var results = [Result?](repeating: nil, count: items.count)
        for await (index, result) in group { results[index] = result }
        return results.compactMap(\.self)
    }
}
