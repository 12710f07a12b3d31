import { fileRefsIn } from '../file/file.ts'
import { askedModel } from './asked-model.ts'
import { type Code, code, note, value, word } from './code.ts'
import { type Literals, literal, nodeKey, nodeText, objectLiteral } from './literal.ts'
import type { SnippetRequest } from './snippet.ts'
import { environmentName, webhookAddress } from './stand-ins.ts'

/** How the language writes values. */
export const nodeLiterals: Literals = {
  text: nodeText,
  key: nodeKey,
  word: String,
  file: (name) => code`${word('await')} readFile(${value(nodeText(name))})`,
  step: '  ',
  lastComma: true,
}

/** With Replicate's own client for Node.js. */
export function nodeSnippet(request: SnippetRequest): Code {
  const { address, needsToken } = request
  const auth = needsToken ? code`  auth: process.env.SANDPIT_TOKEN,\n` : code``
  return code`${note('// npm install replicate')}
${imports(request)}
${word('const')} sandpit = ${word('new')} Replicate({
  baseUrl: ${value(nodeText(`${address}/v1`))},
${auth}})

${call(request)}
`
}

function imports(request: SnippetRequest): Code {
  const names = [
    ...(readsFiles(request) ? ['readFile'] : []),
    ...(writesFiles(request) ? ['writeFile'] : []),
  ]
  const files =
    names.length > 0
      ? code`${word('import')} { ${names.join(', ')} } ${word('from')} ${value(`'node:fs/promises'`)}\n`
      : code``
  return code`${files}${word('import')} Replicate ${word('from')} ${value(`'replicate'`)}\n`
}

function call(request: SnippetRequest): Code {
  const { variant } = request
  const name = value(nodeText(askedModel(request)))
  const input = (indent: string) => inputLiteral(request, indent)
  switch (variant) {
    case 'run':
      return code`${word('const')} output = ${word('await')} sandpit.run(${name}, {
  input: ${input('  ')},
})
${afterwards(request)}`
    case 'stream':
      return code`${word('for await')} (${word('const')} event ${word('of')} sandpit.stream(${name}, {
  input: ${input('  ')},
})) {
  process.stdout.write(String(event))
}`
    case 'webhook':
      return code`${word('const')} prediction = ${word('await')} sandpit.predictions.create({
  model: ${name},
  input: ${input('  ')},
  webhook: ${value(nodeText(webhookAddress))},
  webhook_events_filter: [${value(`'completed'`)}],
})
console.log(prediction.id)`
  }
}

function inputLiteral({ inputs }: SnippetRequest, indent: string): Code {
  const members = inputs.map(
    ({ name, value: given, secret }) =>
      [
        nodeKey(name),
        (inner: string) =>
          secret ? code`process.env.${environmentName(name)}` : literal(given, nodeLiterals, inner),
      ] as const,
  )
  return objectLiteral(members, nodeLiterals, indent)
}

function afterwards({ files }: SnippetRequest): Code {
  if (files === 'one') return code`${word('await')} writeFile(${value(`'output'`)}, output)`
  if (files === 'none') return code`console.log(output)`
  return code`${word('for')} (${word('const')} [index, file] ${word('of')} output.entries()) {
  ${word('await')} writeFile(${value(`'output-'`)} + index, file)
}`
}

function readsFiles({ inputs }: SnippetRequest): boolean {
  return inputs.some(({ value }) => fileRefsIn(value).length > 0)
}

function writesFiles({ files, variant }: SnippetRequest): boolean {
  return variant === 'run' && files !== 'none'
}
