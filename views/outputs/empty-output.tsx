import type { OutputProps } from './output-props.ts'

export function EmptyOutput({ output: { settled } }: OutputProps<'empty'>) {
  return settled ? <p class='field-note'>No output.</p> : null
}
