import { LinkList, type LinkListProps } from '../shares/link-list.tsx'

export type ShareBoxProps = LinkListProps

/** The share links of a prediction or a group, for viewers who may share it. */
export function ShareBox(props: ShareBoxProps) {
  return (
    <section class='stack' id='share' aria-labelledby='share-name'>
      <h2 id='share-name'>Shared</h2>
      <LinkList {...props} />
    </section>
  )
}
