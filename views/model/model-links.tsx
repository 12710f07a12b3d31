import { linkKinds, type Model, type ModelLinks } from '../../src/domain/model/model.ts'

const linkNames = { github: 'Source', paper: 'Paper', license: 'Licence' } as const

/** Links to the pages about a model. */
export function Links({ links }: { links: ModelLinks }) {
  return (
    <>
      {linkKinds.map((kind) => {
        const href = links[kind]
        return (
          href !== null && (
            <>
              {' '}
              <a href={href} rel='noopener noreferrer nofollow'>
                {linkNames[kind]}
              </a>
            </>
          )
        )
      })}
    </>
  )
}

/** The visibility of a model that not everybody may use, and its tags. */
export function Tags({
  model: { visibility, tags },
}: {
  model: Pick<Model, 'visibility' | 'tags'>
}) {
  return (
    <>
      {visibility !== 'public' && (
        <>
          {' '}
          <span class='tag'>{visibility}</span>
        </>
      )}
      {tags.map((tag) => (
        <>
          {' '}
          <span class='tag' dir='auto'>
            {tag}
          </span>
        </>
      ))}
    </>
  )
}
