/** Where the page is served, it is loaded again when there is a newer one; a file is not. */
export function followChanges(): void {
  const place = document.querySelector<HTMLMetaElement>('meta[name="trespass-events"]')?.content;
  if (place === undefined) return;
  const events = new EventSource(place);
  events.addEventListener('changed', () => location.reload());
}
