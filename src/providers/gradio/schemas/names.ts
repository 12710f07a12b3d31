/** A text as a name of letters, digits and underscores: `your_name` of `Your name`. Empty when it has none. */
export function memberName(text: string): string {
  return words(text).join('_').slice(0, 60)
}

/** A text as a part of a model's name, in lower case: `fixture-app` of `Fixture app`. Empty when it has none. */
export function plainName(text: string): string {
  return words(text).join('-').slice(0, 60).replace(/-$/, '')
}

function words(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .slice(0, 200)
      .match(/[a-z0-9]+/g) ?? []
  )
}

/** Each name once: the second of the same gets a number. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name}_${number}`
    taken.add(free)
    return free
  })
}
