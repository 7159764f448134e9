#include "build/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int
spawn(const char *const *argv, const char *const *env, const char *log,
    pid_t *ret)
{
	posix_spawn_file_actions_t files;
	int rc = posix_spawn_file_actions_init(&files);

	if (rc != 0)
		return -rc;
	rc = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO,
		    log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO,
		    STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawnp(ret, argv[0], &files, NULL,
		    (char *const *)argv, env ? (char *const *)env : environ);
	(void)posix_spawn_file_actions_destroy(&files);
	return -rc;
}

int
program_run(const char *const *argv, const char *const *env, const char *log,
    int *ret_status, struct diag *diag)
{
	int status = 0;
	pid_t pid;
	int rc = spawn(argv, env, log, &pid);

	if (rc == -ENOENT)
		diag_set(diag, "%s is not installed", argv[0]);
	else if (rc < 0)
		diag_sys(diag, -rc, "cannot run %s", argv[0]);
	if (rc < 0)
		return rc;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	return 0;
}
