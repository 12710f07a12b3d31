import { defineModel, file, secret, z } from 'sandpit/model'
import { echoed } from './echo.ts'
import { letters } from './letters.ts'

export const kitchenSink = defineModel({
  name: 'sandpit/kitchen-sink',
  description: 'Asks for one of everything and says what it was given. For trying out forms.',
  input: z.object({
    line: z.string().max(60).describe('A short text: one line. The only one that is required.'),
    text: z
      .string()
      .default('As long as you like.\nOver several lines.')
      .describe('A long text: a box that grows.'),
    code: z
      .string()
      .default('for (const grain of sand) {\n  count(grain)\n}')
      .describe('A text that is code, by its name.'),
    integer: z.int().default(7).describe('A whole number without bounds.'),
    number: z.number().min(0).default(1.5).describe('Any number that is not negative.'),
    range: z.number().min(0).max(1).default(0.25).describe('A number between two bounds.'),
    steps: z.int().min(1).max(50).default(20).describe('A whole number between two bounds.'),
    seed: z.int().min(0).optional().describe('A whole number that may be left out.'),
    on: z.boolean().default(true).describe('True unless you say otherwise.'),
    off: z.boolean().default(false).describe('False unless you say otherwise.'),
    size: z.enum(['small', 'medium', 'large']).default('medium').describe('One of a few.'),
    letter: z.enum(letters).default('lambda').describe('One of many.'),
    scale: z.literal([1, 2, 4, 8]).default(2).describe('One of a few whole numbers.'),
    day: z.iso.date().default('2026-03-13').describe('A date.'),
    moment: z.iso.datetime().optional().describe('A date with a time.'),
    hour: z.string().optional().describe('A time of day.').meta({ format: 'time' }),
    colour: z.string().default('#f2c230').describe('A colour.').meta({ format: 'color' }),
    tint: z
      .string()
      .optional()
      .describe('A colour that may be left out.')
      .meta({ format: 'color' }),
    file: file().optional().describe('Any file.'),
    words: z
      .array(z.string())
      .max(10)
      .default(['bucket', 'spade'])
      .describe('Up to ten texts, one in each row.'),
    files: z.array(file()).max(5).optional().describe('Up to five files.'),
    numbers: z.array(z.number()).default([]).describe('Numbers, one in each row.'),
    settings: z
      .object({ depth: z.int(), sides: z.array(z.string()) })
      .default({ depth: 3, sides: ['north', 'east'] })
      .describe('An object, as JSON.'),
    points: z
      .array(z.object({ x: z.number(), y: z.number() }))
      .default([
        { x: 0, y: 0 },
        { x: 1, y: 0.5 },
      ])
      .describe('A list of objects, as JSON.'),
    note: z.string().nullable().optional().describe('A text that may be nothing at all.'),
    password: secret().optional().describe('A secret: only its length is given back.'),
    old: z.string().optional().describe('Use `line` instead.').meta({ deprecated: true }),
  }),
  output: z.record(z.string(), z.json()),
  copies: 2,
  timeout: 30,
  run: ({ password, ...rest }) => echoed(rest, password),
})
