import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankForm, fillForm } from '../../../src/domain/form/form.ts'
import { formatJson, type Json, type JsonObject } from '../../../src/domain/json/json.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { codeText } from '../../../src/domain/snippet/code.ts'
import { snippetInputs } from '../../../src/domain/snippet/input.ts'
import { nodeKey, nodeText, pythonText, shellText } from '../../../src/domain/snippet/literal.ts'
import {
  filesMadeBy,
  type SnippetLanguage,
  type SnippetRequest,
  snippet,
  snippetLanguages,
  snippetVariants,
  variantsFor,
} from '../../../src/domain/snippet/snippet.ts'
import { environmentName } from '../../../src/domain/snippet/stand-ins.ts'
import { fileOf, schemasWith, uriOf } from '../../support/domain.ts'

/** Any text, lone halves of pairs and control characters among it. */
const text = fc.string({ unit: 'binary' })
/** Text as it can be given to a process. */
const argument = fc.string({ unit: 'grapheme' }).map((drawn) => drawn.replaceAll('\0', ''))
const json = fc.jsonValue({ noUnicodeString: false, depthSize: 'small' }) as fc.Arbitrary<Json>

const run = (source: string): unknown => new Function(`return ${source}`)()

describe('a text in a snippet', () => {
  it('is what was given, to JavaScript', () => {
    fc.assert(fc.property(text, (given) => run(nodeText(given)) === given))
  })

  it('is the name of a member, to JavaScript', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constant('__proto__')), (name) => {
        expect(Object.entries(run(`({ ${nodeKey(name)}: 1 })`) as object)).toEqual([[name, 1]])
      }),
    )
  })

  it('is what was given, to Python, with escapes that Python and JSON have in common', () => {
    fc.assert(
      fc.property(text, (given) => {
        const written = pythonText(given)
        expect(JSON.parse(written)).toBe(given)
        expect(written).toMatch(/^"(?:[^"\\\n\r]|\\["\\bfnrt]|\\u[\da-f]{4})*"$/)
      }),
    )
  })

  it('is one word and what was given, to a shell', () => {
    fc.assert(
      fc.property(argument, (given) => {
        const printed = execFileSync('sh', ['-c', `printf '%s|' ${shellText(given)} end`])
        expect(printed.toString()).toBe(`${given}|end|`)
      }),
      { numRuns: 60 },
    )
  })

  it('names a variable that a shell can have', () => {
    expect(environmentName('api-key')).toBe('API_KEY')
    fc.assert(fc.property(text, (name) => /^[A-Z][A-Z0-9_]*$/.test(environmentName(name))))
  })
})

const model = { owner: 'ann', name: 'portraits' }

function requestOf(changes: Partial<SnippetRequest> = {}): SnippetRequest {
  const address = 'https://sandpit.example/team'
  const none = { inputs: [], needsToken: true, variant: 'run', files: 'none' } as const
  return { model, address, ...none, ...changes }
}

const write = (language: SnippetLanguage, changes: Partial<SnippetRequest> = {}) =>
  codeText(snippet(language, requestOf(changes)))

const inputsOf = (given: JsonObject) =>
  Object.entries(given).map(([name, value]) => ({ name, value, secret: false }))

describe('a snippet', () => {
  it('for Node.js calls the client with the input', () => {
    fc.assert(
      fc.property(fc.dictionary(text, json, { noNullPrototype: true }), (input) => {
        const source = write('node', { inputs: inputsOf(input) })
        const [, from = ''] = /(?<=\.run\()([\s\S]*)\n\)?$/.exec(source) ?? []
        const called = from.slice(0, from.lastIndexOf('\nconsole.log'))
        const [name, options] = run(`[${called.slice(0, -1)}]`) as [string, { input: unknown }]
        expect(name).toBe('ann/portraits')
        expect(formatJson(options.input as Json)).toBe(formatJson(input))
      }),
    )
  })

  it('for curl sends the input, as a shell reads it', () => {
    const input = { prompt: `it's "new"\nand $HOME \`x\` \\ ü`, list: [1, { a: null }], on: true }
    const source = write('curl', { inputs: inputsOf(input) })
    const said = execFileSync('sh', [
      '-c',
      `curl() { for last; do :; done; printf %s "$last"; }\n${source}`,
    ])
    expect(JSON.parse(said.toString())).toEqual({ input })
  })

  it('for HTTP has the input for a body', () => {
    fc.assert(
      fc.property(fc.dictionary(text, json, { noNullPrototype: true }), (input) => {
        const [head = '', ...body] = write('http', { inputs: inputsOf(input) }).split('\n\n')
        expect(head).toContain('POST /team/v1/models/ann/portraits/predictions HTTP/1.1')
        expect(formatJson(JSON.parse(body.join('\n\n')).input)).toBe(formatJson(input))
      }),
    )
  })

  it.each(snippetLanguages)('for %s sends a token only where one is needed', (language) => {
    expect(write(language)).toContain('SANDPIT_TOKEN')
    expect(write(language, { needsToken: false })).not.toContain('TOKEN')
  })

  it.each(snippetLanguages)('for %s streams, and is called back', (language) => {
    expect(write(language, { variant: 'stream' })).toMatch(/stream/)
    const webhook = write(language, { variant: 'webhook' })
    expect(webhook).toContain('https://example.com/webhook')
    expect(webhook).toContain('completed')
  })

  it.each(snippetLanguages)(
    'for %s names files and secrets in place of what they are',
    (language) => {
      const inputs = [
        { name: 'image', value: uriOf(1), secret: false },
        { name: 'images', value: [uriOf(2)], secret: false },
        { name: 'api_key', value: null, secret: true },
      ]
      for (const variant of snippetVariants) {
        const source = write(language, { inputs, variant })
        expect(source).not.toContain('sandpit:')
        expect(source).toMatch(/picture(?: |%20)1\.png/)
        expect(source).toMatch(/picture(?: |%20)2\.png/)
        expect(source).toContain('API_KEY')
      }
    },
  )

  it('saves the files that come out', () => {
    expect(write('node', { files: 'one' })).toContain('writeFile')
    expect(write('node', { files: 'many' })).toContain('output.entries()')
    expect(write('python', { files: 'one' })).toContain('output.read()')
    expect(write('python', { files: 'many' })).toContain('enumerate(output)')
  })
})

describe('the inputs of a snippet', () => {
  const schema = readSchema(
    schemasWith(
      {
        prompt: { type: 'string' },
        count: { type: 'integer', default: 1 },
        size: { type: 'string', enum: ['small', 'large'] },
        photo: { type: 'string', format: 'uri' },
        key: { type: 'string', format: 'password' },
        seed: { type: 'integer' },
      },
      { required: ['prompt', 'size', 'photo', 'key'] },
    ),
  )

  it('are what is required, with something to replace', () => {
    expect(snippetInputs(blankForm(schema))).toEqual([
      { name: 'prompt', value: 'your prompt', secret: false },
      { name: 'size', value: 'small', secret: false },
      { name: 'photo', value: expect.stringMatching(/^sandpit:.*\/photo$/), secret: false },
      { name: 'key', value: null, secret: true },
    ])
  })

  it('are what was given and is no default', () => {
    const photo = fileOf(1)
    const given = { prompt: 'a cat', count: 1, seed: 7, photo: uriOf(1), size: 'large' }
    const inputs = snippetInputs(fillForm(schema, given, [photo]))
    expect(Object.fromEntries(inputs.map(({ name, value }) => [name, value]))).toEqual({
      prompt: 'a cat',
      size: 'large',
      photo: uriOf(1),
      key: null,
      seed: 7,
    })
  })

  it('take a file that comes with the model by its name', () => {
    const [, , photo] = snippetInputs(fillForm(schema, { photo: './me.jpg' }))
    expect(photo?.value).toMatch(/^sandpit:.*\/me\.jpg$/)
  })
})

it('streams what is made bit by bit, and saves what is a file', () => {
  const file: JsonObject = { type: 'string', format: 'uri' }
  const schema = (Output: JsonObject) => readSchema({ Input: {}, Output })
  const items: JsonObject = { type: 'array', items: file, 'x-cog-array-type': 'iterator' }
  expect(variantsFor(schema({ type: 'string' }))).toEqual(['run', 'webhook'])
  expect(variantsFor(schema(items))).toEqual(['run', 'stream', 'webhook'])
  expect(filesMadeBy(schema({ type: 'string' }))).toBe('none')
  expect(filesMadeBy(schema(file))).toBe('one')
  expect(filesMadeBy(schema(items))).toBe('many')
})
