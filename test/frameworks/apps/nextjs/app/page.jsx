export default function Page() {
  return <a href="/login">Log in</a>;
}
