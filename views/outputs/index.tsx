import type { FC } from 'hono/jsx'
import type { Output, OutputKind } from '../../src/domain/output.ts'
import {
  AudioOutput,
  EmptyOutput,
  ErrorOutput,
  FileOutput,
  GalleryOutput,
  ImageOutput,
  JsonOutput,
  LinkOutput,
  ListOutput,
  type OutputProps,
  StreamOutput,
  TextOutput,
  VideoOutput,
} from './outputs.tsx'

/** The renderer of each kind; leaving one out is a compile error here. */
const renderers: { readonly [Kind in OutputKind]: FC<OutputProps<Kind>> } = {
  text: TextOutput,
  stream: StreamOutput,
  image: ImageOutput,
  gallery: GalleryOutput,
  audio: AudioOutput,
  video: VideoOutput,
  file: FileOutput,
  link: LinkOutput,
  list: ListOutput,
  json: JsonOutput,
  error: ErrorOutput,
  empty: EmptyOutput,
}

/** Any output, by its kind. */
export function OutputView({ output }: { output: Output }) {
  // The renderer was found by the output's own kind, which the compiler cannot follow.
  const Renderer = renderers[output.kind] as FC<{ output: Output }>
  return <Renderer output={output} />
}
