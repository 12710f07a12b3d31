interface SharedHeadProps {
  readonly title: string
  /** One line about it. */
  readonly summary: string
  /** The absolute URL of the page. */
  readonly address: string
}

/** What the page of a shared group says to search engines, and to programs that preview its link. */
export function SharedHead({ title, summary, address }: SharedHeadProps) {
  return (
    <>
      <meta name='robots' content='noindex' />
      <meta property='og:type' content='article' />
      <meta property='og:site_name' content='Sandpit' />
      <meta property='og:title' content={title} />
      <meta property='og:description' content={summary} />
      <meta property='og:url' content={address} />
      <meta name='twitter:card' content='summary' />
    </>
  )
}
