/* Two threads write one variable: a race, to see that the sanitizer is awake. */
#include <pthread.h>

static int shared;

static void *writes(void *arg)
{
    (void)arg;
    shared++;
    return NULL;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, writes, NULL);
    pthread_create(&other, NULL, writes, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
