/** Amounts here are whole numbers of the smallest unit: they add up exactly. */
export interface Share {
  /** Place of the payment among those of the account. */
  readonly payment: number
  readonly amount: bigint
}

/**
 * What stands of each payment, in their order. Money given back without a word to which payment it belongs is taken from what
 * came last; beyond that it is owed back, and the next money makes good for it.
 */
export function standingMoney(moves: readonly bigint[]): Share[] {
  const stack: { payment: number; amount: bigint }[] = []
  let owed = 0n
  for (const [payment, move] of moves.entries()) {
    if (move > 0n) {
      const repays = move < owed ? move : owed
      owed -= repays
      if (move > repays) stack.push({ payment, amount: move - repays })
      continue
    }
    owed -= move
    for (let last = stack.at(-1); last !== undefined && owed > 0n; last = stack.at(-1)) {
      const takes = last.amount < owed ? last.amount : owed
      owed -= takes
      last.amount -= takes
      if (last.amount === 0n) stack.pop()
    }
  }
  return stack
}

/** The money in its order over the instalments in theirs: the oldest is filled first. `left`: what no instalment takes. */
export function pour(due: readonly bigint[], money: readonly Share[]): { readonly covers: readonly Share[][]; readonly left: readonly Share[] } {
  const rest = money.map((share) => ({ ...share }))
  let next = 0
  const covers = due.map((amount) => {
    const shares: Share[] = []
    for (let open = amount; open > 0n && next < rest.length; ) {
      const from = rest[next]!
      const takes = from.amount < open ? from.amount : open
      if (takes > 0n) shares.push({ payment: from.payment, amount: takes })
      from.amount -= takes
      open -= takes
      if (from.amount === 0n) next++
    }
    return shares
  })
  return { covers, left: rest.filter(({ amount }) => amount > 0n) }
}
