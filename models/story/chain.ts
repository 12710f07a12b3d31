/** Stands between two paragraphs, as a word of its own: so the habits of a text include where they end. */
const paragraph = '\n\n'

export interface Telling {
  /** The words so far. */
  readonly opening: string
  /** How many words to look back on. */
  readonly order: number
  /** Gives a number from 0 up to 1. */
  readonly random: () => number
}

/** Goes on for ever in the manner of a text: each piece is a word and the space before it. */
export function* tell(text: string, { opening, order, random }: Telling): Generator<string> {
  const next = createChain(wordsOf(text), random)
  const told = wordsOf(opening).slice(0, -1)
  let past = told.length > 0 ? told.slice(-order) : [paragraph]
  let gap = told.length > 0 ? ' ' : ''
  while (true) {
    const word = next(past)
    past = [...past, word].slice(-order)
    if (word === paragraph) {
      gap = paragraph
    } else {
      yield gap + word
      gap = ' '
    }
  }
}

/** The words of a text with their punctuation, and a mark after each paragraph. */
function wordsOf(text: string): string[] {
  const paragraphs = text.split(/\n\s*\n/).map((part) => part.match(/\S+/g) ?? [])
  return paragraphs.filter((part) => part.length > 0).flatMap((part) => [...part, paragraph])
}

/** Picks a word that can follow others: as many of the last ones as the text knows together. */
function createChain(words: readonly string[], random: () => number) {
  const places = placesOf(words)
  const pick = (from: readonly number[]) => from[Math.floor(random() * from.length)]

  // The text is a loop, its last word followed by its first: so no word is without a next one.
  const wordAt = (place: number) => words[(place + words.length) % words.length] ?? paragraph

  function placesAfter(past: readonly string[]): number[] {
    const ends = places.get(past.at(-1) ?? '') ?? []
    return ends.filter((end) => past.every((word, i) => wordAt(end - past.length + 1 + i) === word))
  }

  return function next(past: readonly string[]): string {
    for (let from = 0; from < past.length; from++) {
      const place = pick(placesAfter(past.slice(from)))
      if (place !== undefined) return wordAt(place + 1)
    }
    return wordAt(Math.floor(random() * words.length))
  }
}

function placesOf(words: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const [place, word] of words.entries()) {
    const known = places.get(word)
    if (known) known.push(place)
    else places.set(word, [place])
  }
  return places
}
