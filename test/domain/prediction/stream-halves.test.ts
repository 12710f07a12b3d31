import { describe, expect, it } from 'vitest'
import { beginning } from '../../../src/domain/json/excerpt.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import {
  eventsSince,
  type StreamPosition,
  streamStart,
} from '../../../src/domain/prediction/stream-position.ts'
import { predictionOf } from '../../support/domain.ts'

const smile = '😀'
const [high = '', low = ''] = smile.split('')

/** The text that a client has received after each state was sent in order. */
function told(states: readonly Partial<Prediction>[]) {
  let position: StreamPosition = streamStart
  const heard = { output: '', logs: '' }
  for (const state of states) {
    const prediction = predictionOf({ status: 'processing', iterates: true, ...state })
    for (const event of eventsSince(prediction, position, () => '')) {
      expect(event.data.isWellFormed()).toBe(true)
      heard[event.event] += event.data
      position = event.position
    }
  }
  return heard
}

describe('a stream', () => {
  it('keeps the halves of a character together, however its items are cut', () => {
    const items = ['', 'a', high, low, `b${high}`, '', '', `${low}c`]
    const each = items.map((_, at) => ({ output: items.slice(0, at + 1) }))
    const end: Partial<Prediction> = { output: items, status: 'succeeded' }
    expect(told([...each, end]).output).toBe(`a${smile}b${smile}c`)
    expect(told([end]).output).toBe(`a${smile}b${smile}c`)
  })

  it('goes on from a position between two halves', () => {
    const prediction = predictionOf({
      status: 'succeeded',
      iterates: true,
      output: [`a${high}`, `${low}b`],
    })
    const [event] = eventsSince(prediction, { attempt: 1, items: 1, logs: 0 }, () => '')
    expect(event?.data).toBe(`${smile}b`)
  })

  it('keeps the halves of a character of the logs together', () => {
    const logs = `one ${smile} two`
    const each = [...Array(logs.length).keys()].map((end) => ({ logs: logs.slice(0, end) }))
    expect(told([...each, { logs, status: 'succeeded' }]).logs).toBe(logs)
  })

  it('tells in the end what has no other half', () => {
    const prediction = predictionOf({ status: 'succeeded', iterates: true, output: [`a${high}`] })
    expect(eventsSince(prediction, streamStart, () => '')).toMatchObject([{ data: `a${high}` }])
  })
})

it('cuts a text before a character, not in it', () => {
  expect(beginning(`ab${smile}`, 3)).toBe('ab')
  expect(beginning(`ab${smile}`, 4)).toBe(`ab${smile}`)
  expect(beginning('abc', 2)).toBe('ab')
})
