import { outlineOf } from '../../../src/domain/json/outline.ts'
import { type Excerpt, wholeFile } from '../../../src/domain/output/large-output.ts'
import type { Output } from '../../../src/domain/output/output.ts'
import { filesIn, type OutputFile } from '../../../src/domain/output/output-file.ts'
import {
  isSettled,
  isSpilling,
  type Prediction,
} from '../../../src/domain/prediction/prediction.ts'
import { madeFiles } from '../../../src/domain/prediction/summary.ts'
import type { Paths } from '../../../src/paths.ts'
import { formatBytes, plural } from '../../format.tsx'
import { usePaths } from '../../site.ts'
import { outputId } from '../output-props.ts'
import { type Copied, CopyButton } from './copy-button.tsx'
import { fileHref } from './file-href.ts'

interface OutputActionsProps {
  readonly output: Output
  readonly prediction: Prediction
}

/** The buttons to copy and download an output. */
export function OutputActions({ output, prediction }: OutputActionsProps) {
  const paths = usePaths()
  const { id } = prediction
  const files = prediction.excerpt
    ? madeFiles(prediction).filter(({ ref }) => ref !== prediction.excerpt?.ref)
    : filesIn(prediction.output, prediction.files)
  // The file of the output is still being written.
  if (isSpilling(prediction)) return null
  return (
    <>
      {prediction.excerpt === null && <OutputCopy output={output} id={id} />}
      {files.length > 0 && <FilesDownload files={files} prediction={id} />}
      {(files.length === 0 || prediction.excerpt) && <Whole {...{ output, id }} />}
      {output.kind === 'table' && (
        <a class='button' href={paths.outputTable(id)} download={`${id}.csv`}>
          CSV
        </a>
      )}
    </>
  )
}

/** The buttons to copy and download a prediction as JSON. */
export function JsonActions({ id }: { id: string }) {
  const href = usePaths().predictionJson(id)
  return (
    <>
      <CopyButton copied={{ of: 'text', href }} />
      <a class='button' href={href} download={`${id}.json`}>
        Download
      </a>
    </>
  )
}

function OutputCopy({ output, id }: { output: Output; id: string }) {
  const copied = copiedOf(output, id, usePaths())
  return copied && <CopyButton {...copied} />
}

/** The source for Copy: always the whole output, also where the page has a part of it. */
function copiedOf(
  output: Output,
  id: string,
  paths: Paths,
): { copied: Copied; label?: string } | null {
  const element = { copied: { of: 'element', id: outputId } } as const
  const textAt = (href: string) => ({ copied: { of: 'text', href } }) as const
  switch (output.kind) {
    case 'text':
    case 'stream':
    case 'markdown':
    case 'html':
      return output.omitted === undefined ? element : textAt(paths.outputText(id))
    case 'json':
      return outlineOf(output.value, output.room).cut ? textAt(paths.outputJson(id)) : element
    case 'number':
    case 'boolean':
    case 'link':
      return element
    case 'table':
      return textAt(paths.outputTable(id))
    case 'list':
    case 'object':
      return textAt(paths.outputJson(id))
    case 'gallery':
      return { ...textAt(paths.outputJson(id)), label: 'Copy links' }
    case 'image':
      return { copied: { of: 'picture', href: fileHref(paths, id, output.file) } }
    case 'audio':
    case 'video':
    case 'mesh':
    case 'file':
      return {
        copied: { of: 'address', href: fileHref(paths, id, output.file) },
        label: 'Copy link',
      }
    case 'error':
    case 'empty':
      return null
  }
}

function FilesDownload({
  files,
  prediction,
}: {
  files: readonly OutputFile[]
  prediction: string
}) {
  const paths = usePaths()
  const [only] = files
  if (only && files.length === 1)
    return (
      <a class='button' href={fileHref(paths, prediction, only)} download={only.name}>
        Download
      </a>
    )
  return (
    <a class='button' href={paths.outputFiles(prediction)} download={`${prediction}.zip`}>
      Download {files.length} files
    </a>
  )
}

/** Downloads an output without files. */
function Whole({ output, id }: { output: Output; id: string }) {
  const paths = usePaths()
  const extension = textExtensions[output.kind]
  if (output.kind === 'empty' || output.kind === 'error') return null
  return extension ? (
    <a class='button' href={paths.outputText(id)} download={`${id}.${extension}`}>
      Download
    </a>
  ) : (
    <a class='button' href={paths.outputJson(id)} download={`${id}.json`}>
      Download
    </a>
  )
}

const textExtensions: Partial<Record<Output['kind'], string>> = {
  text: 'txt',
  stream: 'txt',
  markdown: 'md',
  html: 'html',
}

interface CutNoteProps {
  /** How many are left out. Undefined renders nothing. */
  readonly omitted: number | undefined
  /** In the singular. */
  readonly noun: string
  /** The URL of everything. */
  readonly href: string
}

/** Says how much is left out of the page, with a link to everything. */
export function CutNote({ omitted, noun, href }: CutNoteProps) {
  if (omitted === undefined) return null
  return (
    <p class='field-note'>
      {plural(omitted, `more ${noun}`)}. <a href={href}>View all</a>
    </p>
  )
}

interface LargeNoteProps {
  readonly prediction: Prediction
  readonly excerpt: Excerpt
}

/** Says that a large output is shown in part, with a link to all of it. */
export function LargeNote({ prediction, excerpt }: LargeNoteProps) {
  const paths = usePaths()
  const { id, files } = prediction
  const file = wholeFile(excerpt, files)
  if (!isSettled(prediction))
    return (
      <p class='field-note'>
        This output is too large to show here. You can download it when the run has finished.
      </p>
    )
  if (!file)
    return <p class='field-note'>The server stopped before the rest of this output was saved.</p>
  const href = excerpt.form === 'text' ? paths.outputText(id) : paths.outputJson(id)
  return (
    <p class='field-note'>
      This is the start of the output. <a href={href}>View all</a> ({formatBytes(file.size)})
    </p>
  )
}
