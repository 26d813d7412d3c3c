select channel, count(*), sum(amount) from sales group by 1
