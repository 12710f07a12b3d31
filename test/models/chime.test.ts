import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

const rate = 44_100

async function play(inputs: FormValues) {
  const prediction = await trial.run('chime', inputs)
  expect(prediction.error).toBeNull()
  const made = await trial.made(prediction)
  const sound = made.bytes.subarray(44)
  const samples = new Int16Array(sound.buffer.slice(sound.byteOffset), 0, sound.length / 2)
  return { ...made, samples, seconds: samples.length / rate }
}

async function failure(inputs: FormValues) {
  const prediction = await trial.run('chime', inputs)
  expect(prediction.status).toBe('failed')
  return prediction.error
}

function loudest(samples: Int16Array) {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
}

/** Counts how often a sound rises through nothing in a second. */
function hertz(samples: Int16Array, from: number, to: number) {
  const part = samples.subarray(from * rate, to * rate)
  const rises = part.filter((sample, i) => i > 0 && sample >= 0 && (part[i - 1] ?? 0) < 0)
  return rises.length / (to - from)
}

describe('chime', () => {
  it('makes a WAV of 16 bits at 44.1 kHz', async () => {
    const { name, type, bytes } = await play({ notes: 'A4' })
    expect([name, type]).toEqual(['chime.wav', 'audio/wav'])
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8)
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44)
    expect([20, 22, 32, 34].map((at) => bytes.readUInt16LE(at))).toEqual([1, 1, 2, 16])
    expect([24, 28].map((at) => bytes.readUInt32LE(at))).toEqual([rate, rate * 2])
  })

  it.each([
    ['A4', 440],
    ['a4', 440],
    ['C4', 261.6],
    ['F#3', 185],
    ['G♭3', 185],
    ['Bb5', 932.3],
    ['B#3', 261.6],
    ['Cb4', 246.9],
    ['C8', 4186],
  ])('plays %s at %d Hz', async (note, pitch) => {
    const { samples } = await play({ notes: `${note}:2`, tempo: '60', waveform: 'sine' })
    expect(hertz(samples, 0.5, 1.5)).toBeCloseTo(pitch, -0.5)
  })

  it('plays one after another, as long as it says and as fast', async () => {
    const inputs = { notes: 'A3 R:0.5 A4:1.5 |\n A5', tempo: '60', waveform: 'sine' }
    const { samples, seconds } = await play(inputs)
    expect(seconds).toBeCloseTo(4, 1)
    expect(hertz(samples, 0.2, 0.8)).toBeCloseTo(220, -1)
    expect(loudest(samples.subarray(1.1 * rate, 1.4 * rate))).toBe(0)
    expect(hertz(samples, 1.7, 2.7)).toBeCloseTo(440, -1)
    expect(hertz(samples, 3.2, 3.8)).toBeCloseTo(880, -1)
    expect((await play({ ...inputs, tempo: '120' })).seconds).toBeCloseTo(2, 1)
  })

  it('plays a chord at once', async () => {
    const alone = await play({ notes: 'A3:2', waveform: 'sine' })
    const chord = await play({ notes: 'A3+C#4+E4:2', waveform: 'sine' })
    expect(chord.seconds).toBe(alone.seconds)
    expect(chord.sha256).not.toBe(alone.sha256)
  })

  it.each(['0', '0.25', '1'])('is as loud as %s', async (volume) => {
    const { samples } = await play({ notes: 'C4 E4+G4', volume, waveform: 'square' })
    expect(loudest(samples)).toBe(Math.round(Number(volume) * 32_767))
  })

  it('sounds different in each waveform, and the same each time', async () => {
    const notes = 'C4 E4'
    const forms = ['bell', 'sine', 'triangle', 'square']
    const played = await Promise.all(forms.map((waveform) => play({ notes, waveform })))
    expect(new Set(played.map(({ sha256 }) => sha256)).size).toBe(4)
    expect((await play({ notes, waveform: 'bell' })).sha256).toBe(played[0]?.sha256)
  })

  it('begins and ends without a click', async () => {
    for (const waveform of ['bell', 'square']) {
      const { samples } = await play({ notes: 'C4', waveform, volume: '1' })
      expect(Math.abs(samples[0] ?? 1)).toBe(0)
      expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(40)
    }
  })

  it('plays two minutes of chords', async () => {
    const notes = Array.from({ length: 60 }, () => 'C4+E4+G4+B4:2').join(' ')
    expect((await play({ notes, tempo: '60', waveform: 'square' })).seconds).toBeCloseTo(120, 0)
  })

  it('is silent through a rest', async () => {
    expect(loudest((await play({ notes: 'R' })).samples)).toBe(0)
  })
})

describe('chime refuses, in a sentence,', () => {
  it.each([
    [
      'C4 E4 H4',
      '“H4” at note 3 (line 1, column 7) is no note. Write a letter A to G and an octave, such as C4.',
    ],
    [
      'C4\nE4 | G',
      '“G” at note 3 (line 2, column 6) is no note. Write a letter A to G and an octave, such as C4.',
    ],
    ['C9', '“C9” at note 1 (line 1, column 1) is too high to hear well: octaves end at 8.'],
    [
      'C4+',
      '“C4+” at note 1 (line 1, column 1) is no note. Write a letter A to G and an octave, such as C4.',
    ],
    ['C4:', '“C4:” at note 1 (line 1, column 1) has no length that can be played: up to 32 beats.'],
    [
      'C4:0',
      '“C4:0” at note 1 (line 1, column 1) has no length that can be played: up to 32 beats.',
    ],
    [
      'C4:99',
      '“C4:99” at note 1 (line 1, column 1) has no length that can be played: up to 32 beats.',
    ],
    ['C4:1:2', '“C4:1:2” at note 1 (line 1, column 1) has more than one length.'],
    ['| |', 'There are no notes. Write some, such as C4 E4 G4.'],
    [
      `C4 ${'x'.repeat(50)}`,
      `“${'x'.repeat(20)}…” at note 2 (line 1, column 4) is no note. Write a letter A to G and an octave, such as C4.`,
    ],
    [
      'C4:32 C4:32 C4:32',
      'The notes last 288 seconds; the most is 120. Raise the tempo or leave some out.',
    ],
  ])('%j', async (notes, sentence) => {
    expect(await failure({ notes, tempo: '20' })).toBe(sentence)
  })

  it('what does not fit the form, before it runs', async () => {
    for (const inputs of [{}, { notes: 'C4', tempo: '0' }, { notes: 'C4', volume: '1.1' }])
      expect((await trial.visitor.run('sandpit/chime', inputs)).status).toBe(422)
  })
})
