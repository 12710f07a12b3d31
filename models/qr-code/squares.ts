import { encode } from 'uqr'
import type { Wishes } from './model.ts'

/** The code as rows of squares; true is a dark one. Throws when the text is too long for any. */
export function squaresOf({
  text,
  correction,
}: Pick<Wishes, 'text' | 'correction'>): readonly (readonly boolean[])[] {
  if (text === '') throw new Error('There is no text to make a code of.')
  try {
    return encode(text, { ecc: correction, border: 0 }).data
  } catch (cause) {
    throw new Error(tooLong(text, correction), { cause })
  }
}

/** The most bytes of text that the largest code holds. Of digits it holds more. */
const mostBytes = { L: 2953, M: 2331, Q: 1663, H: 1273 } as const

function tooLong(text: string, correction: Wishes['correction']): string {
  const bytes = Buffer.byteLength(text)
  const advice = correction === 'L' ? 'Shorten it.' : 'Shorten it, or choose less correction.'
  return `The text is too long: it takes ${bytes} bytes, and a code with correction ${correction} holds ${mostBytes[correction]}. ${advice}`
}
