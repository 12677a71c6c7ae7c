import type { Trial } from './tried.ts'

/** A smaller trial that fails alike: lines and settings are taken out as long as it does. */
export async function shrunk(trial: Trial, fails: (trial: Trial) => Promise<boolean>, until: number): Promise<Trial> {
  let now = trial
  const attempt = async (next: Trial) => {
    if (Date.now() > until || !(await fails(next))) return false
    now = next
    return true
  }
  for (const name of Object.keys(trial.files)) {
    if (name.endsWith('.gz')) continue
    for (let part = 2; ; part *= 2) {
      const size = now.files[name]!.length
      const step = Math.ceil(size / part)
      if (part > 2 * size || size === 0 || Date.now() > until) break
      for (let from = 0; from < now.files[name]!.length; ) {
        const file = now.files[name]!
        const next = { ...now, files: { ...now.files, [name]: Buffer.concat([file.subarray(0, from), file.subarray(from + step)]) } }
        if (!(await attempt(next))) from += step
      }
    }
  }
  let settings: any
  try {
    settings = JSON.parse(now.settings)
  } catch {
    return now
  }
  const paths = (value: any, path: readonly string[] = []): string[][] => (typeof value !== 'object' || value === null ? [] : Object.keys(value).flatMap((key) => [[...path, key], ...paths(value[key], [...path, key])]))
  for (const path of paths(settings)) {
    const copy = structuredClone(settings)
    const parent = path.slice(0, -1).reduce((inside: any, key) => inside?.[key], copy)
    if (parent === undefined || !Object.hasOwn(parent, path.at(-1)!)) continue
    if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
    else delete parent[path.at(-1)!]
    if (await attempt({ ...now, settings: JSON.stringify(copy) })) settings = copy
  }
  return now
}
