import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  bytes,
  cogModels,
  listed,
  milliseconds,
  outboundAllow,
  rate,
  retention,
  wholeNumber,
} from '../../src/config/values.ts'

/** The parsed value, or the problem when it is refused. */
function read(type: z.ZodType, text: string): unknown {
  const { success, data, error } = type.safeParse(text)
  return success ? data : { refused: error.issues[0]?.message }
}

describe('a whole number', () => {
  const port = wholeNumber(0, 65_535)
  it.each([
    ['0', 0],
    ['8080', 8080],
    ['65535', 65_535],
    ['007', 7],
  ])('%s', (text, number) => expect(read(port, text)).toBe(number))

  it.each(['65536', '-1', '1.5', '1e3', '0x50', ' 80', '80 ', 'http', '９', '9'.repeat(400)])(
    'is not “%s”',
    (text) => {
      const refused = 'must be a whole number from 0 to 65535'
      expect(read(port, text)).toEqual({ refused })
    },
  )
})

describe('a size', () => {
  it.each([
    ['0B', 0],
    ['12KB', 12 * 1_024],
    ['500mb', 500 * 2 ** 20],
    ['2Gb', 2 ** 31],
  ])('%s', (text, size) => expect(read(bytes(), text)).toBe(size))

  it.each(['12', 'MB', '1.5MB', '-1MB', '1 MB', '1TB', '1MiB', `${'9'.repeat(400)}B`])(
    'is not “%s”',
    (text) => expect(read(bytes(), text)).toEqual({ refused: 'must be a size such as 500MB' }),
  )
})

describe('retention', () => {
  it.each([
    ['keep', { days: null, keep: [] }],
    ['90d', { days: 90, keep: [] }],
    ['7d,keep:examples', { days: 7, keep: ['examples'] }],
    ['7d,keep:shared,favourites', { days: 7, keep: ['favourites', 'shared'] }],
  ])('%s', (text, read_) => expect(read(retention(), text)).toEqual(read_))

  it.each([
    '90',
    '0d',
    '1.5d',
    '90h',
    '90d,keep:',
    '90d,keep:all',
    'keep:examples',
    '90d,examples',
  ])('is not “%s”', (text) =>
    expect(read(retention(), text)).toEqual({
      refused:
        'must be keep, or a number of days such as 90d or 90d,keep:favourites,examples,shared',
    }),
  )
})

describe('a time', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
  ])('%s', (text, time) => expect(read(milliseconds(), text)).toBe(time))

  it.each(['90', 's', '1.5h', '-1s', '1 s', '1w', '30M', '1h30m', `${'9'.repeat(400)}s`])(
    'is not “%s”',
    (text) => {
      expect(read(milliseconds(), text)).toEqual({ refused: 'must be a time such as 90s or 30m' })
    },
  )
})

describe('a rate', () => {
  it('is two numbers, or off', () => {
    expect(read(rate(), '600,3000')).toEqual({ creations: 600, others: 3000 })
    expect(read(rate(), 'off')).toBeNull()
  })

  it.each(['600', '0,1', '1,0', '600, 3000', '600,3000,1', '-1,5', 'OFF', '1e3,5'])(
    'is not “%s”',
    (text) => {
      expect(read(rate(), text)).toEqual({
        refused: 'must be off or two numbers such as 600,3000',
      })
    },
  )
})

describe('models at Cog containers', () => {
  it('are names and origins', () => {
    expect(read(cogModels(), 'a/b=gpu-1:5000/, c/d=https://gpu.example.com')).toEqual([
      { ref: { owner: 'a', name: 'b' }, url: 'http://gpu-1:5000' },
      { ref: { owner: 'c', name: 'd' }, url: 'https://gpu.example.com' },
    ])
    expect(read(cogModels(), '')).toEqual([])
  })

  it.each(['a/b', 'b=http://gpu', 'a/b=ftp://gpu', '=http://gpu'])('are not “%s”', (text) => {
    expect(read(cogModels(), text)).toEqual({
      refused: `${text} must be owner/name=http://host:port`,
    })
  })
})

describe('what may be fetched though it is not public', () => {
  it('is origins and ranges', () => {
    const given = [
      'http://media.office:8080',
      'https://a.example/',
      '10.20.0.0/16',
      '::1',
      'fd00::/8',
    ]
    expect(read(outboundAllow(), given.join(' , '))).toEqual(given)
  })

  it.each([
    'media.office',
    'http://media.office/files',
    'http://ann@media.office',
    'ftp://media.office',
    'data:x',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0/8',
    'fd00::/129',
    'fe80::1%eth0/64',
  ])('is not “%s”', (text) => {
    expect(read(outboundAllow(), text)).toEqual({
      refused: `${text} must be an origin such as http://host:8080, or a range such as 10.0.0.0/8`,
    })
  })
})

it('lists the parts of a text without what is empty', () => {
  expect(listed(' a, ,b ,', ',')).toEqual(['a', 'b'])
  expect(listed('', ',')).toEqual([])
})
