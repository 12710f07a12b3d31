// The next question of a conversation: Enter sends it, and Shift and Enter begin a line, where there is a keyboard.
// While the answer above it grows, the form stays in view for readers who have it in view.
{
  const form = () => document.getElementById('next-turn')
  addEventListener('keydown', (event) => {
    if (event.target.id !== 'turn-prompt' || event.key !== 'Enter' || event.isComposing) return
    if (event.shiftKey || event.altKey || matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    form().querySelector('.run')?.click()
  })
  let isAtEnd = false
  const below = () => form().getBoundingClientRect().bottom - innerHeight
  addEventListener('htmx:before:swap', () => {
    isAtEnd = form() !== null && below() < 1
  })
  addEventListener('htmx:after:swap', () => {
    if (isAtEnd && form() && below() > 0) scrollBy({ top: below(), behavior: 'instant' })
  })
}
