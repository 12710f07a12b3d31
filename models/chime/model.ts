import { setImmediate as nextTurn } from 'node:timers/promises'
import { defineModel, file, z } from 'sandpit/model'

export const chime = defineModel({
  name: 'sandpit/chime',
  description: 'Plays a line of notes and saves it as a sound.',
  input: z.object({
    notes: z
      .string()
      .max(10_000)
      .describe('Such as `C4 E4 G4 C5:2`. `:2` is two beats, `R` is a rest, `C4+E4` is a chord.'),
    tempo: z.int().min(20).max(400).default(120).describe('Beats in a minute.'),
    waveform: z
      .enum(['bell', 'sine', 'triangle', 'square'])
      .default('bell')
      .describe('*bell* rings on, *sine* is soft, *triangle* is clear, *square* is a toy.'),
    volume: z
      .number()
      .min(0)
      .max(1)
      .default(0.7)
      .describe('Of the loudest moment. 0 is silence, 1 is as loud as a file can be.'),
  }),
  output: file(),
  copies: 2,
  timeout: 120,
  memory: 512,
  async run({ notes, tempo, waveform, volume }, ctx) {
    const [{ readNotes }, { createTrack }, { toWav }] = await Promise.all([
      import('./notes.ts'),
      import('./track.ts'),
      import('./wav.ts'),
    ])
    const { sounds, beats } = readNotes(notes, tempo)
    const track = createTrack({ waveform, beats, tempo })
    for (const [played, sound] of sounds.entries()) {
      track.add(sound)
      ctx.progress({
        fraction: (played + 1) / sounds.length,
        label: `${played + 1} of ${sounds.length} notes`,
      })
      await nextTurn(undefined, { signal: ctx.signal })
    }
    const samples = track.mixed(volume)
    ctx.log(`${sounds.length} notes over ${beats} beats, ${track.seconds.toFixed(2)} seconds`)
    return ctx.file(toWav(samples), { name: 'chime.wav' })
  },
})
