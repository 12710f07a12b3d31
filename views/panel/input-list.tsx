import type { Child, PropsWithChildren } from 'hono/jsx'
import { fileAt, type StoredFile } from '../../src/domain/file/file.ts'
import { optionText } from '../../src/domain/form/fields/choice.ts'
import { beginning } from '../../src/domain/json/excerpt.ts'
import { formatJson, isList, type Json, type JsonObject } from '../../src/domain/json/json.ts'
import { firstValues, mapStrings } from '../../src/domain/json/walk.ts'
import { givenInline } from '../../src/domain/output/output-file.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import type { Paths } from '../../src/paths.ts'
import { Breakable, formatBytes } from '../format.tsx'
import { usePaths } from '../site.ts'

interface GivenProps {
  /** Id of the prediction; undefined for an example. */
  readonly prediction?: string
  readonly input: JsonObject
  readonly schema: ModelSchema
  readonly files: readonly StoredFile[]
  /** The inputs to show, also those that are not set; all that are set when left out. */
  readonly names?: readonly string[]
  /** The names of inputs whose values are marked as changed. */
  readonly marked?: ReadonlySet<string>
  /** Whether they were removed, since they had been kept long enough. */
  readonly isRemoved?: boolean
}

/** The inputs of a prediction, in the order of its version’s form. */
export function InputList(props: GivenProps) {
  const { input, schema, marked } = props
  const find = fileShower(usePaths(), props)
  const order = schema.input.map(({ name }) => name)
  const all = [...order, ...Object.keys(input).filter((name) => !order.includes(name))]
  const given = props.names ?? all.filter((name) => Object.hasOwn(input, name))
  if (given.length === 0)
    return <p class='field-note'>{props.isRemoved ? 'Its inputs were removed.' : 'No inputs.'}</p>
  return (
    <dl class='given'>
      {given.map((name) => (
        <div>
          <dt>
            <Breakable text={name} />
          </dt>
          {Object.hasOwn(input, name) ? (
            <GivenValue
              value={input[name] ?? null}
              find={find}
              isMarked={marked?.has(name) === true}
            />
          ) : (
            <dd class='field-note'>not set</dd>
          )}
        </div>
      ))}
    </dl>
  )
}

interface OneInputProps {
  readonly prediction: Pick<Prediction, 'id' | 'input' | 'files'>
  readonly value: Json
}

/** The value of one input of a prediction, and what follows it. */
export function OneInput({ prediction, value, children }: PropsWithChildren<OneInputProps>) {
  const { id, ...given } = prediction
  const find = fileShower(usePaths(), { ...given, prediction: id })
  return (
    <GivenValue value={value} find={find} isMarked={false}>
      {children}
    </GivenValue>
  )
}

interface GivenValueProps {
  readonly value: Json
  /** Finds the file that a value refers to. */
  readonly find: (value: Json) => ShownFile | null
  /** Whether it is marked as changed. */
  readonly isMarked: boolean
}

function GivenValue({ value, find, isMarked, children }: PropsWithChildren<GivenValueProps>) {
  const marked = (shown: Child) => (isMarked ? <ins>{shown}</ins> : shown)
  const items = isList(value) ? value : [value]
  const found = items.map(find)
  if (found.length > 0 && found.every((file) => file !== null))
    return (
      <dd>
        {marked(found.map((file) => <GivenFile file={file} />))}
        {children}
      </dd>
    )
  if (typeof value === 'string')
    return (
      <dd dir='auto'>
        {marked(shortened(value))}
        {children}
      </dd>
    )
  return (
    <dd class='mono'>
      {marked(
        typeof value === 'object'
          ? shortened(formatJson(named(firstValues(value, mostShown), find), 2))
          : optionText(value),
      )}
      {children}
    </dd>
  )
}

/** Replaces the files in a value by their names. */
function named(value: Json, find: GivenValueProps['find']): Json {
  return mapStrings(value, (text) => find(text)?.name ?? text)
}

/** Longer values are cut. Tweak opens them whole. */
const mostShown = 16 * 1024

function shortened(text: string): string {
  return text.length > mostShown ? `${beginning(text, mostShown)}…` : text
}

interface ShownFile {
  readonly name: string
  readonly type: string
  /** In bytes. */
  readonly size: number
  /** Its URL; null when it has none. */
  readonly href: string | null
}

function fileShower(
  paths: Paths,
  { prediction, input, files }: Pick<GivenProps, 'prediction' | 'input' | 'files'>,
) {
  const inline = givenInline(input)
  return (value: Json): ShownFile | null => {
    const stored = fileAt(value, files)
    if (stored) return { ...stored, href: paths.file(stored) }
    const given = typeof value === 'string' ? inline.get(value) : undefined
    if (!given) return null
    const href =
      prediction === undefined ? null : paths.givenFile(prediction, given.inline, given.name)
    return { ...given, href }
  }
}

function GivenFile({ file: { href, name, type, size } }: { file: ShownFile }) {
  return (
    <div class='given-file'>
      {href !== null && type.startsWith('image/') && (
        <a class='thumb' href={href}>
          <img src={href} alt={name} width='96' height='72' loading='lazy' />
        </a>
      )}
      {href === null ? name : <a href={href}>{name}</a>} <small>{formatBytes(size)}</small>
    </div>
  )
}
