import { optionText } from '../src/domain/fields/choice.ts'
import { fileAt, type StoredFile } from '../src/domain/file.ts'
import { formatJson, type Json, type JsonObject } from '../src/domain/json.ts'
import type { ModelSchema } from '../src/domain/schema.ts'
import { Breakable } from './breakable.tsx'
import { usePaths } from './site.ts'

interface GivenProps {
  readonly input: JsonObject
  readonly schema: ModelSchema
  readonly files: readonly StoredFile[]
}

/** The inputs of a prediction as they were given, in the order of its version's form. */
export function Given({ input, schema, files }: GivenProps) {
  const order = schema.input.map(({ name }) => name)
  const names = [...order, ...Object.keys(input).filter((name) => !order.includes(name))]
  const given = names.filter((name) => Object.hasOwn(input, name))
  if (given.length === 0) return <p class='field-note'>No input was given.</p>
  return (
    <dl class='given'>
      {given.map((name) => (
        <div>
          <dt>
            <Breakable text={name} />
          </dt>
          <GivenValue value={input[name] ?? null} files={files} />
        </div>
      ))}
    </dl>
  )
}

function GivenValue({ value, files }: { value: Json; files: readonly StoredFile[] }) {
  const file = fileAt(value, files)
  if (file) return <GivenFile file={file} />
  if (typeof value === 'string') return <dd dir='auto'>{shortened(value)}</dd>
  return (
    <dd class='mono'>
      {typeof value === 'object' ? shortened(formatJson(value, 2)) : optionText(value)}
    </dd>
  )
}

/** A page is no place for megabytes: Tweak opens the whole. */
const mostShown = 16 * 1024

function shortened(text: string): string {
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}

function GivenFile({ file }: { file: StoredFile }) {
  const href = usePaths().file(file)
  return (
    <dd>
      {file.type.startsWith('image/') && (
        <a class='thumb' href={href}>
          <img src={href} alt={file.name} width='96' height='72' />
        </a>
      )}
      <a href={href}>{file.name}</a>
    </dd>
  )
}
