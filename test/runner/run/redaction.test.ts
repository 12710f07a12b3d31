import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedaction } from '../../../src/runner/run/redaction.ts'

function redacted(secrets: readonly string[], pieces: readonly string[]): string {
  const redaction = createRedaction(secrets)
  if (!redaction) return pieces.join('')
  return pieces.map((piece) => redaction.push(piece)).join('') + redaction.end()
}

describe('a stream', () => {
  it('loses its secrets, wherever it is cut', () => {
    const said = 'token=hunter2-secret; again hunter2-secret.'
    for (let at = 0; at <= said.length; at++)
      expect(redacted(['hunter2-secret'], [said.slice(0, at), said.slice(at)])).toBe(
        'token=[REDACTED]; again [REDACTED].',
      )
    expect(redacted(['hunter2-secret'], [...said])).toBe('token=[REDACTED]; again [REDACTED].')
  })

  it('keeps what only began like one', () => {
    expect(redacted(['hunter2'], ['the hunt', 'er is hun'])).toBe('the hunter is hun')
    expect(redacted(['hunter2'], ['hunter'])).toBe('hunter')
  })

  it('holds back no more than may become one', () => {
    const redaction = createRedaction(['hunter2'])
    expect(redaction?.push('the hunt')).toBe('the ')
    expect(redaction?.push('ing')).toBe('hunting')
    expect(redaction?.push('plain text')).toBe('plain text')
  })

  it('loses them as JSON and addresses write them, too', () => {
    const secret = 'p@ss "word"\nnext'
    const said = `${JSON.stringify({ secret })} ?key=${encodeURIComponent(secret)} ${secret}!`
    expect(redacted([secret], [said])).toBe('{"secret":"[REDACTED]"} ?key=[REDACTED] [REDACTED]!')
  })

  it('loses the longer of two that begin alike', () => {
    expect(redacted(['abcd', 'abcdef'], ['x abcd', 'ef abcd', ' abcdeg'])).toBe(
      'x [REDACTED] [REDACTED] [REDACTED]eg',
    )
  })

  it('keeps what is too short to be told from other words', () => {
    expect(createRedaction(['', 'abc', '   '])).toBeNull()
    expect(redacted(['abc', 'abcd'], ['abc abcd'])).toBe('abc [REDACTED]')
  })

  it('loses a very long one', () => {
    const secret = Array.from({ length: 3_000 }, (_, at) => `line ${at}`).join('\n')
    expect(redacted([secret], [`a ${secret.slice(0, 9_000)}`, `${secret.slice(9_000)} z`])).toMatch(
      /^a (?:\[REDACTED\])+ z$/,
    )
  })

  it('reads the same however it is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 3 }), fc.array(letters), (secrets, pieces) => {
        const whole = createRedaction(secrets)?.whole(pieces.join('')) ?? pieces.join('')
        expect(redacted(secrets, pieces)).toBe(whole)
      }),
      { numRuns: 2_000 },
    )
  })
})

it('leaves no part of secrets that overlap', () => {
  expect(redacted(['abcdef', 'defghi'], ['x abcdefghi y'])).toBe('x [REDACTED] y')
  expect(redacted(['abcdefgh', 'cdef'], ['x abcdef', 'gh abcdefgx'])).toBe(
    'x [REDACTED] ab[REDACTED]gx',
  )
  expect(redacted(['aaaa'], Array(50).fill('aaa'))).toBe('[REDACTED]')
})
