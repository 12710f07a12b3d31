import { describe, expect, it } from 'vitest'
import { returnAddress } from '../../../src/domain/people/return-address.ts'

describe('the address to return to', () => {
  it.each([
    ['/', '/'],
    ['/predictions?q=a%20b&before=1#result', '/predictions?q=a%20b&before=1'],
    ['/ann/upscale', '/ann/upscale'],
    ['/sign-in-help', '/sign-in-help'],
    ['/a/../predictions', '/predictions'],
  ])('%s is ours', (text, address) => expect(returnAddress(text, '')).toBe(address))

  it('keeps to the path that we are served under', () => {
    expect(returnAddress('/sandpit/predictions', '/sandpit')).toBe('/sandpit/predictions')
    for (const text of ['/', '/other/app', '/sandpit', '/sandpitevil/a', '/sandpit/../other'])
      expect(returnAddress(text, '/sandpit'), text).toBe('/sandpit/')
  })

  it.each([
    ...[
      '',
      ' ',
      'predictions',
      'https://evil.example/',
      'https:evil.example',
      'HTTPS://evil.example',
    ],
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '\\/evil.example',
    ],
    ...[
      '/\t/evil.example',
      '/\n/evil.example',
      '\t//evil.example',
      ' //evil.example',
      '/\r\\evil.example',
    ],
    ...[
      '//evil.example@localhost',
      '//localhost@evil.example',
      '/.//evil.example',
      '/..//evil.example',
    ],
    ...['/a/..//evil.example', 'javascript:alert(1)', 'data:text/html,a', 'http:/evil.example'],
    ...[
      '/sign-in',
      '/sign-in?to=/',
      '/sign-in/callback?code=a',
      '/sign-out',
      '/signed-out',
      '/./sign-in',
    ],
    `/${'a'.repeat(3_000)}`,
    '//sandpit.invalid/predictions\n//',
  ])('%j leads home', (text) => {
    const address = returnAddress(text, '')
    expect(['/', '/predictions']).toContain(address)
    expect(new URL(address, 'https://ours.example').origin).toBe('https://ours.example')
  })
})
