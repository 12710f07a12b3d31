import { FileLink } from './file-output.tsx'
import type { OutputProps } from './output-props.ts'

/** No browser shows one by itself. */
export function MeshOutput({ output: { file }, prediction }: OutputProps<'mesh'>) {
  return <FileLink file={file} prediction={prediction} type='3D model' />
}
