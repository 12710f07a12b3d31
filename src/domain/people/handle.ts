const longest = 60

/**
 * The owner name to give to somebody: their name, or what is before the `@` of their address, in the
 * letters that owner names have. Names without any of those give `person`.
 */
export function handleFrom(name: string): string {
  const [local = ''] = name.split('@')
  const plain = local
    .slice(0, 4 * longest)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, longest)
  return trimmed(plain) || 'person'
}

/** Without the signs that an owner name cannot begin or end with. */
function trimmed(text: string): string {
  const isSign = (at: number) => /[._-]/.test(text.charAt(at))
  let from = 0
  let to = text.length
  while (from < to && isSign(from)) from++
  while (to > from && isSign(to - 1)) to--
  return text.slice(from, to)
}

/** The name, or the first of `ann-2`, `ann-3`… that is not taken. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted
  for (let number = 2; isTaken(name); number++) name = `${wanted}-${number}`
  return name
}
