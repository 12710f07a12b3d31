/** The more specific first: Edge and Chrome call themselves Safari, too. */
const browsers = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const

const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const

/** A `User-Agent` header as people say it: `Firefox on Linux`. */
export function browserName(agent: string): string {
  const nameIn = (known: readonly (readonly [part: string, name: string])[]) =>
    known.find(([part]) => agent.includes(part))?.[1]
  const browser = nameIn(browsers) ?? 'A browser'
  const system = nameIn(systems)
  return system === undefined ? browser : `${browser} on ${system}`
}
