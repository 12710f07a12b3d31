import { FileLink } from './file-output.tsx'
import type { OutputProps } from './output-props.ts'

/** A download link: browsers do not show 3D models. */
export function MeshOutput({ output: { file }, prediction }: OutputProps<'mesh'>) {
  return <FileLink file={file} prediction={prediction} type='3D model' />
}
