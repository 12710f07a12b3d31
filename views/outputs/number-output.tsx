import type { OutputProps } from './output-props.ts'

export function NumberOutput({ output: { value }, place }: OutputProps<'number'>) {
  return (
    <p class='figure' id={place}>
      {String(value)}
    </p>
  )
}
