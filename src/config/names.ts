const prefix = 'SANDPIT_'

type Environment = Readonly<Record<string, string | undefined>>

/** One line for each unknown variable with our prefix, with the most similar known one. */
export function unknownVariables(
  environment: Environment,
  known: readonly string[],
  others: readonly string[],
): string[] {
  const names = new Set([...known, ...others])
  return Object.entries(environment).flatMap(([name, value = '']) => {
    const isOurs = name.toUpperCase().startsWith(prefix)
    if (!isOurs || names.has(name) || isServiceLink(name, value)) return []
    return [`${name} is not a setting. Did you mean ${nearest(name, known)}?`]
  })
}

/** Whether Kubernetes or Docker set the variable for a service that is called `sandpit`. */
function isServiceLink(name: string, value: string): boolean {
  return (
    name.endsWith('_SERVICE_HOST') ||
    name.includes('_SERVICE_PORT') ||
    /_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value))
  )
}

/** The name without the prefix, if that is known; otherwise the most similar known name. */
function nearest(name: string, known: readonly string[]): string {
  const asked = name.toUpperCase()
  const bare = asked.slice(prefix.length)
  const alike = known
    .map((one) => ({ one, apart: apartFrom(asked, one) }))
    .sort((a, b) => a.apart - b.apart)
  const [first = { one: '', apart: 0 }] = alike
  if (!known.includes(bare)) return first.one
  return first.apart <= 1 ? `${bare} or ${first.one}` : bare
}

/** Missing words count little: `SANDPIT_TOKENS` probably means `SANDPIT_API_TOKENS`. */
function apartFrom(asked: string, known: string): number {
  const words = known.split('_')
  const isPart = asked.split('_').every((word) => words.includes(word))
  return isPart ? 1.5 : distance(asked, known)
}

/** The Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 1; at <= to.length; at++) {
      const changed = (row[at - 1] ?? 0) + (character === to[at - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
