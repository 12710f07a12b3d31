import type { OutputProps } from './output-props.ts'

export function BooleanOutput({ output: { value }, place }: OutputProps<'boolean'>) {
  return (
    <p class='figure' id={place}>
      {String(value)}
    </p>
  )
}
