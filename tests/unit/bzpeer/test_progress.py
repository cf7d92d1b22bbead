"""Downloads arrive in several threads and share one bar."""

import threading

from bzpeer.terminal import Terminal


def test_files_that_begin_at_the_same_moment_share_one_bar() -> None:
    terminal, failed = Terminal(), list[BaseException]()
    together = threading.Barrier(8)

    def fetch(number: int) -> None:
        together.wait()
        try:
            with terminal.progress(f"{number}.jar", 100) as advance:
                advance(100)
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread would have died of it
            failed.append(error)

    with terminal.downloads():
        threads = [threading.Thread(target=fetch, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert terminal._download is not None
    assert terminal._download.tasks[0].total == 800
