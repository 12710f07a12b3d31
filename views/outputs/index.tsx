import type { FC } from 'hono/jsx'
import type { Output, OutputKind } from '../../src/domain/output/output.ts'
import { AudioOutput } from './audio-output.tsx'
import { BooleanOutput } from './boolean-output.tsx'
import { EmptyOutput } from './empty-output.tsx'
import { ErrorOutput } from './error-output.tsx'
import { FileOutput } from './file-output.tsx'
import { GalleryOutput } from './gallery-output.tsx'
import { HtmlOutput } from './html-output.tsx'
import { ImageOutput } from './image-output.tsx'
import { JsonOutput } from './json-output.tsx'
import { LinkOutput } from './link-output.tsx'
import { ListOutput } from './list-output.tsx'
import { MarkdownOutput } from './markdown-output.tsx'
import { MeshOutput } from './mesh-output.tsx'
import { NumberOutput } from './number-output.tsx'
import { ObjectOutput } from './object-output.tsx'
import { type OutputProps, outputId } from './output-props.ts'
import { StreamOutput } from './stream-output.tsx'
import { TableOutput } from './table-output.tsx'
import { TextOutput } from './text-output.tsx'
import { VideoOutput } from './video-output.tsx'

/** The renderer of each kind; leaving one out is a compile error here. */
const renderers: { readonly [Kind in OutputKind]: FC<OutputProps<Kind>> } = {
  text: TextOutput,
  stream: StreamOutput,
  markdown: MarkdownOutput,
  html: HtmlOutput,
  image: ImageOutput,
  gallery: GalleryOutput,
  audio: AudioOutput,
  video: VideoOutput,
  mesh: MeshOutput,
  file: FileOutput,
  link: LinkOutput,
  number: NumberOutput,
  boolean: BooleanOutput,
  table: TableOutput,
  list: ListOutput,
  object: ObjectOutput,
  json: JsonOutput,
  error: ErrorOutput,
  empty: EmptyOutput,
}

interface OutputViewProps {
  readonly output: Output
  /** Id of the prediction that made it. */
  readonly prediction: string
  /** Element id of a nested value; that of the whole output when left out. */
  readonly id?: string
}

/** Any output, by its kind. */
export function OutputView({ output, prediction, id = outputId }: OutputViewProps) {
  // The compiler cannot see that the renderer has the kind of the output.
  const Renderer = renderers[output.kind] as FC<OutputProps<OutputKind>>
  return <Renderer output={output} prediction={prediction} id={id} />
}
