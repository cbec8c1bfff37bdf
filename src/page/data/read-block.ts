/**
 * Reads a part of the data that the document carries: JSON, or a JSON string that holds deflated JSON in base64.
 * @throws Error where the document has no such part.
 */
export async function readBlock<T>(id: string): Promise<T> {
  const block = document.getElementById(id);
  if (!block) throw new Error(`the file has no part "${id}"`);
  const value = JSON.parse(block.textContent) as unknown;
  return (typeof value === 'string' ? JSON.parse(await inflate(value)) : value) as T;
}

async function inflate(base64: string): Promise<string> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}
