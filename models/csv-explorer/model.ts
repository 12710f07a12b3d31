import { defineModel, file, z } from 'sandpit/model'

const cell = z.union([z.string(), z.number(), z.boolean()]).nullable()

export const csvExplorer = defineModel({
  name: 'sandpit/csv-explorer',
  description: 'Looks through a CSV file: its first rows, and what each of its columns holds.',
  input: z.object({
    file: file({ accept: '.csv,text/csv' }).describe(
      'A table with commas, semicolons, tabs or bars between its cells.',
    ),
    delimiter: z
      .enum(['auto', 'comma', 'semicolon', 'tab'])
      .default('auto')
      .describe('What is between two cells. *auto* finds out.'),
    rows: z.int().min(0).max(500).default(20).describe('How many to show. All are counted.'),
    header: z.boolean().default(true).describe('Whether the first row names the columns.'),
  }),
  output: z.object({
    count: z.int(),
    summary: z.array(z.record(z.string(), cell)),
    rows: z.array(z.record(z.string(), cell)),
  }),
  copies: 2,
  timeout: 300,
  setup: () => import('./table.ts'),
  async run({ file: table, delimiter, rows, header }, ctx) {
    const [{ openText }, { delimiterOf }, { explore }] = await Promise.all([
      import('./text.ts'),
      import('./delimiter.ts'),
      import('./table.ts'),
    ])
    const text = await openText(table)
    const between = delimiterOf(delimiter, text.start)
    ctx.log(`${table.name}, ${text.encoding}, cells divided by ${between.name}`)
    const found = await explore(text, {
      ...{ delimiter: between.character, rows, header },
      signal: ctx.signal,
      progress: (fraction, label) => ctx.progress({ fraction, label }),
    })
    if (found.ragged > 0)
      ctx.log(`${found.ragged} rows have more or fewer cells than the first: they were taken as is`)
    return found.output
  },
})
