import type { OutputProps } from './output-props.ts'

/** A link to a file on another host. Nothing is loaded from it. */
export function LinkOutput({ output: { url }, id }: OutputProps<'link'>) {
  return (
    <p class='file-link'>
      <a id={id} href={url} rel='noopener noreferrer nofollow'>
        {url}
      </a>
    </p>
  )
}
