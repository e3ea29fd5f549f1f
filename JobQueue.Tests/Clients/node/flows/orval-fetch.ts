// Where the client that orval makes finds the server, and how it shows who it is.
export async function call<T>(path: string, options: RequestInit): Promise<T> {
  const response = await fetch(process.env.JOBQUEUE_URL + path, {
    ...options,
    headers: { ...options.headers, Authorization: `Bearer ${process.env.JOBQUEUE_TOKEN}` },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, data: text ? JSON.parse(text) : undefined } as T;
}
