// Browsers may keep a whole page for Back, whatever its headers say. That of somebody who is signed in is
// not shown until the server was asked again: they may have signed out since.
{
  const { documentElement } = document
  const isOfPerson = () => document.querySelector('form[action$="/sign-out"]')
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted && isOfPerson()) documentElement.hidden = true
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && isOfPerson()) location.reload()
  })
}
