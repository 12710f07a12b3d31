import { typeOfName } from '../../src/domain/file/extensions.ts'
import type { Entry } from '../../src/domain/form/fields/field-type.ts'
import { useSite } from '../site.ts'
import { FilePreview } from './file-preview.tsx'

/** A file that a model brings with its examples, by its address. */
export interface Bundled {
  /** The address that is sent again. */
  readonly address: string
  readonly path: string
  readonly name: string
}

/** Reads addresses of such files; null for whatever else a control shows. */
export function useBundled(): (entry: Entry | undefined) => Bundled | null {
  const { host, paths } = useSite()
  return (entry) => {
    if (typeof entry !== 'string' || !/^https?:/.test(entry)) return null
    const url = URL.parse(entry)
    const path = url?.host === host ? url.pathname : ''
    const below = path.startsWith(`${paths.base}/`) ? path.slice(paths.base.length) : ''
    const [, name] = /^\/[^/]+\/[^/]+\/assets\/([^/]+)$/.exec(below) ?? []
    return name === undefined ? null : { address: entry, path, name: decoded(name) }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Such a file, with the address that sends it. */
export function BundledFile({ bundled, name }: { bundled: Bundled; name: string }) {
  const { address, path, name: fileName } = bundled
  return (
    <>
      <input type='hidden' name={name} value={address} />
      <FilePreview href={path} name={fileName} type={typeOfName(fileName) ?? ''} />
      <p class='upload-name'>
        <a href={path}>{fileName}</a> <small>from the example</small>
      </p>
    </>
  )
}
