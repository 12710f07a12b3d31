import type { Sound } from './notes.ts'
import { type Voice, voices } from './voices.ts'
import { samplesPerSecond } from './wav.ts'

/** So that no sound begins or ends with a click. */
const attackSeconds = 0.006
const releaseSeconds = 0.04

export interface TrackOptions {
  readonly waveform: keyof typeof voices
  /** From the first note to the end of the last. */
  readonly beats: number
  /** Beats in a minute. */
  readonly tempo: number
}

/** An empty stretch of sound that notes can be added to. */
export function createTrack({ waveform, beats, tempo }: TrackOptions) {
  const voice = voices[waveform]
  const beatSeconds = 60 / tempo
  const seconds = beats * beatSeconds + voice.ringSeconds + releaseSeconds
  const samples = new Float32Array(Math.ceil(seconds * samplesPerSecond))
  return {
    seconds,
    add({ hertz, start, beats: length }: Sound): void {
      const first = Math.round(start * beatSeconds * samplesPerSecond)
      const lasts = length * beatSeconds + voice.ringSeconds
      addNote(samples.subarray(first), hertz, lasts, voice)
    },
    /** The mix, normalised so that its peak is `volume`. */
    mixed(volume: number): Float32Array {
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      const gain = loudest === 0 ? 0 : volume / loudest
      return samples.map((sample) => sample * gain)
    },
  }
}

function addNote(into: Float32Array, hertz: number, seconds: number, { partials }: Voice): void {
  const length = Math.min(into.length, Math.ceil((seconds + releaseSeconds) * samplesPerSecond))
  for (const { ratio, level, halvesIn } of partials) {
    // Frequencies above half the sample rate would alias into audible wrong notes.
    if (hertz * ratio >= samplesPerSecond / 2) continue
    const turn = (2 * Math.PI * hertz * ratio) / samplesPerSecond
    const fading = 0.5 ** (1 / (halvesIn * samplesPerSecond))
    let loudness = level
    for (let at = 0; at < length; at++) {
      into[at] = (into[at] ?? 0) + Math.sin(turn * at) * loudness * envelope(at, seconds)
      loudness *= fading
    }
  }
}

/** Rises at the beginning and falls after the end of a note. */
function envelope(at: number, seconds: number): number {
  const now = at / samplesPerSecond
  const rise = Math.min(1, now / attackSeconds)
  const fall = Math.min(1, Math.max(0, (seconds + releaseSeconds - now) / releaseSeconds))
  return rise * fall
}
