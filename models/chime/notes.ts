/** One pitch: when it begins and how long it lasts, in beats. */
export interface Sound {
  readonly hertz: number
  readonly start: number
  readonly beats: number
}

const mostSeconds = 120
const mostBeats = 32

/**
 * Reads notes such as `C4 F#4:2 R Bb3+D4:0.5`, one after another. Bar lines and line breaks are for
 * the eye. Throws a sentence that says which note is wrong and where it stands.
 */
export function readNotes(text: string, tempo: number): { sounds: Sound[]; beats: number } {
  const sounds: Sound[] = []
  let beats = 0
  for (const token of tokensOf(text)) {
    const { pitches, length } = readToken(token)
    sounds.push(...pitches.map((hertz) => ({ hertz, start: beats, beats: length })))
    beats += length
  }
  if (beats === 0) throw new Error('There are no notes. Write some, such as C4 E4 G4.')
  const seconds = (beats * 60) / tempo
  if (seconds > mostSeconds)
    throw new Error(
      `The notes last ${Math.ceil(seconds)} seconds; the most is ${mostSeconds}. Raise the tempo or leave some out.`,
    )
  return { sounds, beats }
}

/** A note as it was typed. */
interface Token {
  readonly text: string
  /** Which note it is, where it stands: for people, so counted from 1. */
  readonly place: string
}

function tokensOf(text: string): Token[] {
  const found = text.split('\n').flatMap((line, row) =>
    [...line.matchAll(/[^\s|]+/g)].map((match) => ({
      text: match[0],
      at: `line ${row + 1}, column ${match.index + 1}`,
    })),
  )
  return found.map(({ text: typed, at }, i) => ({ text: typed, place: `note ${i + 1} (${at})` }))
}

function readToken(token: Token): { pitches: number[]; length: number } {
  const [names = '', length, ...rest] = token.text.split(':')
  if (rest.length > 0) throw new Error(wrong(token, 'has more than one length'))
  const pitches = /^r$/i.test(names) ? [] : names.split('+').map((name) => hertzOf(name, token))
  return { pitches, length: length === undefined ? 1 : beatsOf(length, token) }
}

function beatsOf(length: string, token: Token): number {
  const beats = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(length) ? Number(length) : 0
  if (beats > 0 && beats <= mostBeats) return beats
  throw new Error(wrong(token, `has no length that can be played: up to ${mostBeats} beats`))
}

const semitones = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 } as const
const shifts = { '': 0, '#': 1, '♯': 1, b: -1, '♭': -1 } as const

/** The A above middle C. */
const standardHertz = 440
const standardSemitone = 4 * 12 + 9

function hertzOf(name: string, token: Token): number {
  const [, letter = '', sign = '', octave] = /^([a-gA-G])([#♯b♭]?)(\d+)$/.exec(name) ?? []
  if (octave === undefined)
    throw new Error(wrong(token, 'is no note. Write a letter A to G and an octave, such as C4'))
  if (Number(octave) > 8)
    throw new Error(wrong(token, 'is too high to hear well: octaves end at 8'))
  const inOctave =
    semitones[letter.toLowerCase() as keyof typeof semitones] + shifts[sign as keyof typeof shifts]
  return standardHertz * 2 ** ((Number(octave) * 12 + inOctave - standardSemitone) / 12)
}

function wrong({ text, place }: Token, why: string): string {
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text
  const [what, ...advice] = why.split('. ')
  return [`“${shown}” at ${place} ${what}.`, ...advice.map((sentence) => `${sentence}.`)].join(' ')
}
