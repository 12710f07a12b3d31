import { askedModel } from './asked-model.ts'
import { type Code, code, note, value, word } from './code.ts'
import { type Literals, literal, objectLiteral, pythonText } from './literal.ts'
import type { SnippetRequest } from './snippet.ts'
import { environmentName, webhookAddress } from './stand-ins.ts'

/** How the language writes values. */
export const pythonLiterals: Literals = {
  text: pythonText,
  key: pythonText,
  word: (json) => (json === null ? 'None' : json ? 'True' : 'False'),
  file: (name) => code`open(${value(pythonText(name))}, ${value('"rb"')})`,
  step: '    ',
  lastComma: true,
}

/** With Replicate's own client for Python. */
export function pythonSnippet(request: SnippetRequest): Code {
  const { address, needsToken, inputs } = request
  const usesOs = needsToken || inputs.some(({ secret }) => secret)
  const os = usesOs ? code`${word('import')} os\n` : code``
  const token = code`    api_token=os.environ[${value('"SANDPIT_TOKEN"')}],\n`
  return code`${note('# pip install replicate')}
${os}${word('from')} replicate.client ${word('import')} Client

sandpit = Client(
${needsToken ? token : code``}    base_url=${value(pythonText(address))},
)

${call(request)}
`
}

function call(request: SnippetRequest): Code {
  const { variant } = request
  const name = value(pythonText(askedModel(request)))
  const input = inputLiteral(request)
  switch (variant) {
    case 'run':
      return code`output = sandpit.run(
    ${name},
    input=${input},
)
${afterwards(request)}`
    case 'stream':
      return code`${word('for')} event ${word('in')} sandpit.stream(
    ${name},
    input=${input},
):
    print(str(event), end=${value('""')}, flush=${value('True')})`
    case 'webhook':
      return code`prediction = sandpit.predictions.create(
    model=${name},
    input=${input},
    webhook=${value(pythonText(webhookAddress))},
    webhook_events_filter=[${value('"completed"')}],
)
print(prediction.id)`
  }
}

function inputLiteral({ inputs }: SnippetRequest): Code {
  const members = inputs.map(
    ({ name, value: given, secret }) =>
      [
        pythonText(name),
        (inner: string) =>
          secret
            ? code`os.environ[${value(pythonText(environmentName(name)))}]`
            : literal(given, pythonLiterals, inner),
      ] as const,
  )
  return objectLiteral(members, pythonLiterals, pythonLiterals.step)
}

function afterwards({ files }: SnippetRequest): Code {
  if (files === 'none') return code`print(output)`
  if (files === 'one')
    return code`${word('with')} open(${value('"output"')}, ${value('"wb"')}) ${word('as')} file:
    file.write(output.read())`
  return code`${word('for')} index, item ${word('in')} enumerate(output):
    ${word('with')} open(${value('f"output-{index}"')}, ${value('"wb"')}) ${word('as')} file:
        file.write(item.read())`
}
