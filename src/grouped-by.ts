/** In the order in which each key came first. */
export function groupedBy<T, K>(all: readonly T[], key: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of all) {
    const own = key(one)
    const group = groups.get(own)
    if (group === undefined) groups.set(own, [one])
    else group.push(one)
  }
  return groups
}
