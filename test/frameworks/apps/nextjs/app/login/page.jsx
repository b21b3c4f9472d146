import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';

// Next.js compares the Origin of a server action with X-Forwarded-Host.
async function login(data) {
  'use server';
  (await cookies()).set('name', data.get('name'), { secure: true, httpOnly: true });
  redirect(`https://${(await headers()).get('x-forwarded-host')}/me`);
}

export default function Page() {
  return <form action={login}><input name="name" /></form>;
}
